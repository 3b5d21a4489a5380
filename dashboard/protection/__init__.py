"""What stands around the product so that one client cannot hurt the others, and nothing it sends is believed unseen.

* ``client``: which address a client has, behind our own proxies too
* ``rates``: how often an address may do a thing, in memory or in Redis
* ``origin``: the product has one origin, from the settings, whatever a client calls it
* ``connections``: websockets: how many, how fast, how much they leave unread
* ``sockets``: the websocket server of Reflex with a bounded backlog and with every event looked at first
* ``events``: which events there are, and which values their arguments may have
* ``states``: what a reader leaves behind is freed soon
* ``admission``: pictures and reports: a few at a time, a few waiting, nothing for those who have left
* ``scripts``: the scripts pages may run, by their hashes
* ``metrics``: what was refused, what is open, what waits
"""

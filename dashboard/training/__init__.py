"""The training workspace: the same product on a folder of its own, with invented figures of four invented countries.

* ``place``: the folder, what marks it, and where it may be served
* ``countries``: the invented countries, and the codebook that holds them
* ``figures``: the invented figures; ``files``: workbooks filled with them
* ``people``: an account of every role, with passwords made anew each time
* ``desk``: submissions in every state of the workflow, and deadlines
* ``services``, ``opinions``: months of service counts and what citizens say, with changes planted to be found
* ``decisions``: what was decided on such a change, and one that is open
* ``making``: all of it, in one call
* ``marking``: says on every answer and in every file that the figures are invented

It uses what the other rooms offer and has no way of its own into the record: an invented figure is uploaded, checked,
submitted, approved and published as a real one is. Only the command line and the composition root know this room.
"""

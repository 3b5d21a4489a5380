"""Where what may run long, or reads a stranger's bytes, runs: processes with limits, apart from the server.

``sandbox.call("package.module:function", job, limits)`` gives what the function makes of the job there. Decision 0052.

* ``pools``: the processes, how often they are replaced, what is asked of them and what becomes of it
* ``inside``: what runs in them; ``bare``: how they come to know nothing of our environment
"""

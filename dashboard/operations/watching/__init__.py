"""Tell the operator through ``/metrics`` whether a server's own tasks are done in time."""

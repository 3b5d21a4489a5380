"""Whether what a server does by itself is done in time, for the operator's ``/metrics``.

``jobs`` keeps what each task of this process last came to; ``asking`` asks services' addresses by the schedule;
``gauges`` tells all of it, and what waits in the record, to Prometheus.
"""

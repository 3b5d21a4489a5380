"""SDMX as text: structures, queries and messages of SDMX 3.0 (REST 2.x) and SDMX 2.1 (REST 1.x).

Pure: no dataset, no settings, no clock. An answer is of one version throughout.
"""

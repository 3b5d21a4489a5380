"""Any SDMX service or file: SDMX-ML, SDMX-CSV and SDMX-JSON, with the structure of the SDGs or a national one."""

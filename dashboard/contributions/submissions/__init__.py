"""Figures that countries send themselves: read, checked, approved by a second person, published as a vintage.

* ``kinds``: what is particular to figures, surveys, counts of services and activities of the agreement
* ``counts``: rows of monthly counts as centres and reports
* ``reading``: workbooks, CSV and SDMX (CSV, XML) as rows, in a process of its own with limits, a few at a time
* ``units``: how ministries write units
* ``rules``: what must hold of the rows, one function a rule; all findings at once
* ``methods``: how figures were made, of all and of each indicator
* ``workbooks``: the template to fill in, the ministry's own workbook with the findings in it, the receipt
* ``model``, ``workflow``: one table of the moves a submission may make and who may make them, and making them
* ``comparison``, ``publication``: against what is published; into the record
* ``removal``: what would go from what is published, and who answers for it
* ``deadlines``, ``notices``: what is due when, and mail to whoever has to act next
* ``pulling``: figures fetched from an office's own address, as drafts
* ``grid``: figures that are typed into a table in the page, until they are a file like any other
* ``inbox``, ``tables``, ``store``: files as received, and the only SQL of this room
"""

"""Reports as files (PDF, XLSX, PPTX, iCalendar). Pure: words and rows in, bytes out."""

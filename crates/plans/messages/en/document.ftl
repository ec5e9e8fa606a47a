# Why a file could not be read: what happened, why, what to do. Ids are the codes of ReadError with - for each dot.
plans-document-empty = This file holds no text. Check that you chose the right file, and that it opens with words in it on your computer.
plans-document-too_large = This file is too large to read: { $what } may be at most { $limit }. Split it, or leave the pictures out, and try again.
plans-document-unknown_format = The kind of this file is not known. Readable are TXT, Markdown, HTML, DOCX, XLSX and PDF with text. Save it as one of these and import it again.
plans-document-legacy_doc = This is a file in the old Word or WPS format (.doc, .wps), which cannot be read reliably. Open it in WPS or Word, choose “Save as” DOCX, and import that file.
plans-document-legacy_xls = This is a spreadsheet in the old Excel or WPS format (.xls, .et). Open it in WPS or Excel, choose “Save as” XLSX, and import that file.
plans-document-other_office = This is an office file of a kind that holds no plan text that can be read (slides, mail, other formats). Save its text as DOCX or PDF and import that file.
plans-document-rtf = This is a rich text file (.rtf). Open it in WPS or Word, choose “Save as” DOCX, and import that file.
plans-document-ofd = This is an OFD file, which cannot be read yet. Open it in an OFD reader and export it as PDF, or ask the issuing office for the DOCX, and import that file.
plans-document-image = This is a picture, and words cannot be read from pictures. Import the electronic original (DOCX, HTML or PDF with text).
plans-document-scanned = The pages of this PDF are pictures, with no text in them: it is a scan. Import the electronic original, or recognise the text with OCR, check it and save it as DOCX first.
plans-document-no_characters = The fonts of this PDF do not say which characters they draw, so its text cannot be told. Import the DOCX or the page it was made from, or print it to PDF again from WPS or Word.
plans-document-archive = This is an archive of files. Unpack it and import the document itself.
plans-document-encrypted = This file is protected by a password and cannot be opened here. Open it with its password, take the protection off, save it, and import it again.
plans-document-broken = This file is damaged: it begins as { $format } and cannot be read to its end, most often because it was cut off while being copied or downloaded. Fetch it again, or open it in its program and save it as a new file.

# 文件为什么读不了:发生了什么、原因、怎么办。编号即 ReadError 的代码,点换成短横线。
plans-document-empty = 这个文件里没有文字。请确认选对了文件，并在电脑上打开看看内容是否为空。
plans-document-too_large = 文件太大，无法读取：{ $what } 最多为 { $limit }。请拆分文件或去掉图片后再导入。
plans-document-unknown_format = 无法识别这个文件的格式。可以读取 TXT、Markdown、HTML、DOCX、XLSX 和带文字的 PDF。请另存为其中一种格式后再导入。
plans-document-legacy_doc = 这是旧版 Word 或 WPS 文字格式（.doc、.wps），不能可靠读取。请用 WPS 或 Word 打开，另存为 DOCX 后再导入。
plans-document-legacy_xls = 这是旧版 Excel 或 WPS 表格格式（.xls、.et）。请用 WPS 或 Excel 打开，另存为 XLSX 后再导入。
plans-document-other_office = 这是其他类型的办公文件（演示文稿、邮件等），其中没有可读取的规划正文。请把正文另存为 DOCX 或 PDF 后再导入。
plans-document-rtf = 这是 RTF 格式的文件。请用 WPS 或 Word 打开，另存为 DOCX 后再导入。
plans-document-ofd = 这是 OFD 版式文件，目前还不能读取。请用 OFD 阅读器导出为 PDF，或向发文单位索取 DOCX 原文件后再导入。
plans-document-image = 这是一张图片，无法从图片中读取文字。请导入电子版原文件（DOCX、HTML 或带文字的 PDF）。
plans-document-scanned = 这个 PDF 的每一页都是图片，没有文字，应为扫描件。请导入电子版原文件，或先做文字识别、核对无误并另存为 DOCX 后再导入。
plans-document-no_characters = 这个 PDF 的字体没有说明所画的是哪些字，无法得到文字。请导入制作它的 DOCX 或网页，或用 WPS、Word 重新输出 PDF 后再导入。
plans-document-archive = 这是一个压缩包。请解压后导入其中的文档。
plans-document-encrypted = 这个文件设有密码保护，这里无法打开。请用密码打开文件，取消保护并保存后再导入。
plans-document-broken = 文件已损坏：开头是 { $format } 格式，但后面读不下去，多半是复制或下载时中断。请重新获取文件，或用原来的软件打开后另存为新文件。

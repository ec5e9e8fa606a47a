#!/usr/bin/env python3
"""Render a plan text (one paragraph a line, tables as pipe rows) as HTML, DOCX, XLSX and PDF.

    make_samples.py TEXT OUT_DIR [--formats html,md,docx,pdf,pdf-chromium]
    make_samples.py --fixtures      (writes samples/street_plan.* from samples/street_plan.txt)

Development tool, Python 3 stdlib only: the fixtures in samples/ and the round trips of the reader tests come from it.
DOCX uses automatic numbering (一、 （一） 1.) where the text is numbered so, so that reading has to give it back.
PDF needs LibreOffice (soffice) or Chromium; a format whose tool is missing is left out with a line that says so.
"""
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

CN = "〇一二三四五六七八九"


def cn(n):
    if n < 10:
        return CN[n]
    tens, ones = divmod(n, 10)
    return ("" if tens == 1 else CN[tens]) + "十" + (CN[ones] if ones else "")


# -- the text as blocks --------------------------------------------------------------------
def split_row(line):
    cells = [c.strip() for c in line.split("|")]
    if cells and cells[-1] == "" and line.rstrip().endswith("|"):
        cells.pop()
    return cells


def blocks(text):
    """("p", words) and ("table", rows); a row is a list of cells."""
    out = []
    for line in text.split("\n"):
        line = line.rstrip("\r")
        if "|" in line:
            if not out or out[-1][0] != "table":
                out.append(("table", []))
            out[-1][1].append(line)
        elif line.strip():
            out.append(("p", line.strip()))
    return [(k, grid(v)) if k == "table" else (k, v) for k, v in out]


def grid(lines):
    """Cells with spans: (words, colspan, rowspan); None where a cell from above covers.

    Saved texts shift a row left where a merged cell covers its first place, and leave empty cells at the end."""
    rows = [split_row(line) for line in lines]
    width = len(rows[0]) if rows else 0
    out = []
    for row in rows:
        filled = [c for c in row if c]
        if width > 2 and len(filled) == 1 and row[0] and len(row) > 1:
            out.append([(filled[0], width, 1)])
            continue
        row = row[:]
        if width and len(row) >= width and row[-1] == "" and re.fullmatch(r"\d+", row[0]) and out:
            row = [""] + row[:width - 1]
        row += [""] * (width - len(row))
        out.append([(c, 1, 1) for c in row[:max(width, 1)]])
    # an empty first cell goes on with the one above
    for r in range(1, len(out)):
        if len(out[r]) == width and width > 2 and out[r][0] is not None and out[r][0][0] == "":
            up = r - 1
            while up >= 0 and len(out[up]) == width and out[up][0] is None:
                up -= 1
            if up >= 0 and len(out[up]) == width and out[up][0][0]:
                w, c, s = out[up][0]
                if up > 0:
                    out[up][0] = (w, c, s + 1)
                    out[r][0] = None
    return out


# -- HTML ----------------------------------------------------------------------------------
STYLE = """body{font-family:"Noto Serif CJK SC",serif;font-size:16pt;line-height:1.8;margin:0 2.6cm}
p{text-indent:2em;margin:0;text-align:justify}p.t{text-align:center;text-indent:0;font-size:22pt;font-weight:bold}
table{border-collapse:collapse;width:100%;font-size:10.5pt;line-height:1.4}td{border:1px solid #000;padding:2pt 4pt}"""


def html_table(rows):
    out = ["<table>"]
    for row in rows:
        out.append("<tr>")
        for cell in row:
            if cell is None:
                continue
            w, c, s = cell
            at = (' colspan="%d"' % c if c > 1 else "") + (' rowspan="%d"' % s if s > 1 else "")
            out.append("<td%s>%s</td>" % (at, html.escape(w)))
        out.append("</tr>")
    return "".join(out) + "</table>"


def html_body(text):
    out = []
    for kind, it in blocks(text):
        if kind == "p":
            out.append("<p>%s</p>" % html.escape(it))
        else:
            out.append(html_table(it))
    return "\n".join(out)


def plain_page(text):
    return ('<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>文件</title><style>%s</style></head>'
            "<body>%s</body></html>" % (STYLE, html_body(text)))


def saved_page(text, meta, name, site):
    """The same words inside what a government site puts around them."""
    cells = "".join("<li><b>%s：</b><span>%s</span></li>" % (k, html.escape(v)) for k, v in meta)
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<title>{name}_政策文件_{site}</title>
<script>var _hmt=[];window.share={{title:"分享"}};</script><style>{STYLE}</style></head>
<body><div class="header"><div class="top-bar"><a href="/">{site}</a> | <a href="/wza">无障碍</a> | <a href="/login">登录</a></div>
<ul class="main-nav"><li><a href="/">首页</a></li><li><a href="/zw">政务公开</a></li><li><a href="/fw">政务服务</a></li><li><a href="/hd">政民互动</a></li></ul></div>
<div class="wrap"><div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="/zw">政务公开</a> &gt; <a href="/zc">政策文件</a></div>
<ol class="doc-info">{cells}</ol>
<div class="xl-bt"><h1>{name}</h1>
<div class="tools">字体：[<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>]&nbsp;&nbsp;<a href="#">打印本页</a>&nbsp;<a href="#">关闭窗口</a> 浏览次数：<span id="hits">1024</span></div></div>
<div class="bdsharebuttonbox">分享到：<a href="#">微信</a><a href="#">微博</a></div>
<div id="mainText"><div class="view TRS_UEDITOR">
{html_body(text)}
</div></div>
<div class="ewm"><img src="qr.png" alt=""><p>扫一扫在手机打开当前页</p></div>
<div class="related"><h3>相关解读</h3><ul><li><a href="/1">一图读懂</a></li><li><a href="/2">专家解读行动计划</a></li></ul></div></div>
<div class="footer"><p>主办：{site} 承办：区政府办公室</p><p>版权所有 网站标识码：1100000000 京ICP备00000000号 京公网安备110000000000号</p><a href="/map">网站地图</a></div>
</body></html>"""


# -- DOCX ----------------------------------------------------------------------------------
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LEVELS = [(r"^([一二三四五六七八九十]+)、", "chineseCountingThousand", "%1、"),
          (r"^[（(]([一二三四五六七八九十]+)[）)]", "chineseCountingThousand", "（%2）"),
          (r"^(\d+)[.．]", "decimal", "%3.")]


def run(words, bold=False):
    props = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return '<w:r>%s<w:t xml:space="preserve">%s</w:t></w:r>' % (props, html.escape(words, quote=False))


class Numbers:
    """Gives a paragraph to automatic numbering when counting up gives back the label it is written with."""

    def __init__(self):
        self.count = [0, 0, 0]

    def take(self, words):
        for level, (pattern, _, _) in enumerate(LEVELS):
            m = re.match(pattern, words)
            if not m:
                continue
            want = self.count[level] + 1
            label = m.group(1)
            if label != (str(want) if level == 2 else cn(want)):
                return None
            if m.group(0)[0] == "(" or m.group(0)[-1] == "．":
                return None
            self.count[level] = want
            for deeper in range(level + 1, 3):
                self.count[deeper] = 0
            return level, words[m.end():]
        return None


def docx_p(words, numbers=None):
    taken = numbers.take(words) if numbers else None
    if taken and len(taken[1]) < 40:
        level, rest = taken
        return ('<w:p><w:pPr><w:pStyle w:val="H%d"/><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="1"/></w:numPr></w:pPr>%s</w:p>'
                % (level + 1, level, run(rest)))
    if taken:
        level, rest = taken
        return ('<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="1"/></w:numPr></w:pPr>%s</w:p>'
                % (level, run(rest)))
    cut = len(words) // 2
    return '<w:p><w:pPr><w:ind w:firstLineChars="200" w:firstLine="640"/></w:pPr>%s%s</w:p>' % (run(words[:cut]), run(words[cut:]))


def docx_table(rows):
    width = max(sum(c[1] if c else 1 for c in row) for row in rows)
    border = "".join('<w:%s w:val="single" w:sz="4"/>' % s for s in ("top", "left", "bottom", "right", "insideH", "insideV"))
    out = ['<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>%s</w:tblBorders></w:tblPr><w:tblGrid>%s</w:tblGrid>'
           % (border, "".join('<w:gridCol w:w="%d"/>' % (9000 // width) for _ in range(width)))]
    for row in rows:
        out.append("<w:tr>")
        for cell in row:
            if cell is None:
                out.append("<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>")
                continue
            w, c, s = cell
            props = ('<w:gridSpan w:val="%d"/>' % c if c > 1 else "") + ('<w:vMerge w:val="restart"/>' if s > 1 else "")
            out.append("<w:tc><w:tcPr>%s</w:tcPr><w:p>%s</w:p></w:tc>" % (props, run(w) if w else ""))
        out.append("</w:tr>")
    out.append("</w:tbl>")
    return "".join(out)


def write_docx(text, path):
    numbers = Numbers()
    body = "".join(docx_p(it, numbers) if kind == "p" else docx_table(it) for kind, it in blocks(text))
    levels = "".join('<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:suff w:val="nothing"/><w:lvlText w:val="%s"/></w:lvl>'
                     % (i, f, t) for i, (_, f, t) in enumerate(LEVELS))
    styles = "".join('<w:style w:type="paragraph" w:styleId="H%d"><w:name w:val="heading %d"/><w:pPr><w:outlineLvl w:val="%d"/></w:pPr></w:style>'
                     % (i, i, i - 1) for i in (1, 2, 3))
    font = ('<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Noto Sans CJK SC" w:eastAsia="Noto Sans CJK SC" '
            'w:hAnsi="Noto Sans CJK SC"/><w:sz w:val="30"/></w:rPr></w:rPrDefault></w:docDefaults>')
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    sect = ('<w:sectPr><w:footerReference w:type="default" r:id="rId3" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
            '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="992"/></w:sectPr>')
    footer = ('<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>— </w:t></w:r><w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
              "<w:r><w:t> —</w:t></w:r></w:p>")
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ct = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    parts = {
        "[Content_Types].xml": head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join('<Override PartName="/word/%s.xml" ContentType="%s%s+xml"/>' % (n, ct, t) for n, t in
                  (("document", "document.main"), ("styles", "styles"), ("numbering", "numbering"), ("footer1", "footer")))
        + "</Types>",
        "_rels/.rels": head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="%s/officeDocument" Target="word/document.xml"/></Relationships>' % rel,
        "word/_rels/document.xml.rels": head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join('<Relationship Id="rId%d" Type="%s/%s" Target="%s.xml"/>' % (i, rel, t, f) for i, (t, f) in
                  enumerate((("styles", "styles"), ("numbering", "numbering"), ("footer", "footer1")), 1)) + "</Relationships>",
        "word/document.xml": head + "<w:document %s><w:body>%s%s</w:body></w:document>" % (W, body, sect),
        "word/styles.xml": head + "<w:styles %s>%s%s</w:styles>" % (W, font, styles),
        "word/numbering.xml": head + '<w:numbering %s><w:abstractNum w:abstractNumId="0">%s</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>' % (W, levels),
        "word/footer1.xml": head + "<w:ftr %s>%s</w:ftr>" % (W, footer),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts.items():
            z.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


# -- XLSX ----------------------------------------------------------------------------------
def write_xlsx(sheets, path):
    """sheets: (name, title, rows of cells with spans)."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def col(i):
        return chr(65 + i)

    def cell(r, c, w):
        if re.fullmatch(r"\d+(\.\d+)?", w):
            return '<c r="%s%d"><v>%s</v></c>' % (col(c), r, w)
        return '<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>' % (col(c), r, html.escape(w, quote=False))

    files = {}
    for n, (name, title, rows) in enumerate(sheets, 1):
        out, merges = [], []
        width = max(sum(c[1] if c else 1 for c in row) for row in rows)
        out.append('<row r="1">%s</row>' % cell(1, 0, title))
        merges.append("A1:%s1" % col(width - 1))
        for r, row in enumerate(rows, 2):
            c, cells = 0, []
            for it in row:
                if it is not None:
                    w, cs, rs = it
                    if w:
                        cells.append(cell(r, c, w))
                    if cs > 1 or rs > 1:
                        merges.append("%s%d:%s%d" % (col(c), r, col(c + cs - 1), r + rs - 1))
                    c += cs
                else:
                    c += 1
            out.append('<row r="%d">%s</row>' % (r, "".join(cells)))
        files["xl/worksheets/sheet%d.xml" % n] = (
            head + '<worksheet %s><sheetData>%s</sheetData><mergeCells count="%d">%s</mergeCells></worksheet>'
            % (main, "".join(out), len(merges), "".join('<mergeCell ref="%s"/>' % m for m in merges)))
    ct = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    files["[Content_Types].xml"] = (
        head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="%ssheet.main+xml"/>' % ct
        + "".join('<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>' % (i, ct) for i in range(1, len(sheets) + 1))
        + "</Types>")
    files["_rels/.rels"] = (head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                            '<Relationship Id="rId1" Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>' % rel)
    files["xl/workbook.xml"] = (head + '<workbook %s xmlns:r="%s"><sheets>%s</sheets></workbook>' % (
        main, rel, "".join('<sheet name="%s" sheetId="%d" r:id="rId%d"/>' % (html.escape(s[0]), i, i) for i, s in enumerate(sheets, 1))))
    files["xl/_rels/workbook.xml.rels"] = (
        head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join('<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>' % (i, rel, i) for i in range(1, len(sheets) + 1))
        + "</Relationships>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name in ["[Content_Types].xml"] + [n for n in files if n != "[Content_Types].xml"]:
            z.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED)


# -- Markdown ------------------------------------------------------------------------------
def markdown(text):
    out = []
    for kind, it in blocks(text):
        if kind == "p":
            if re.match(LEVELS[0][0], it) and len(it) < 40:
                out.append("## " + it)
            elif re.match(LEVELS[1][0], it) and len(it) < 40:
                out.append("### **%s**" % it)
            else:
                out.append(it)
        else:
            width = max(sum(c[1] if c else 1 for c in row) for row in it)
            lines = []
            for row in it:
                cells = []
                for c in row:
                    cells += [""] if c is None else [c[0]] + [""] * (c[1] - 1)
                lines.append("| " + " | ".join(cells) + " |")
            lines.insert(1, "|" + " --- |" * width)
            out.append("\n".join(lines))
    return "\n\n".join(out) + "\n"


# -- PDF -----------------------------------------------------------------------------------
def pdf_libreoffice(docx, out_dir):
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if not soffice:
        print("left out: PDF from DOCX (no soffice)")
        return None
    with tempfile.TemporaryDirectory() as home:
        subprocess.run([soffice, "-env:UserInstallation=file://" + home, "--headless", "--convert-to", "pdf", "--outdir",
                        out_dir, docx], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    return os.path.join(out_dir, os.path.splitext(os.path.basename(docx))[0] + ".pdf")


def pdf_chromium(page, path):
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    if not chromium:
        print("left out: PDF from HTML (no chromium)")
        return None
    with tempfile.TemporaryDirectory() as home:
        subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + home,
                        "--no-pdf-header-footer" if "--header" not in sys.argv else "--mute-audio",
                        "--print-to-pdf=" + path, "file://" + os.path.abspath(page)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    return path


def fixtures():
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "samples")
    text = open(os.path.join(here, "street_plan.txt"), encoding="utf-8").read()
    at = lambda ext: os.path.join(here, "street_plan" + ext)
    meta = [("索引号", "HA00-02-2025-0031"), ("发文机关", "槐安区人民政府"), ("发文字号", "槐政发〔2025〕18号"),
            ("成文日期", "2025年11月20日"), ("发布日期", "2025-11-21"), ("有效性", "有效")]
    name = "槐安区人民政府关于印发《槐安区街巷更新与社区服务提升行动计划（2026—2028年）》的通知"
    # as many such pages are: GB encoding, line ends of the other system
    page = saved_page(text, meta, name, "槐安区人民政府网").replace('charset="utf-8"', 'charset="gb2312"')
    open(at(".html"), "wb").write(page.replace("\n", "\r\n").encode("gb18030"))
    open(at(".md"), "w", encoding="utf-8").write(markdown(text))
    write_docx(text, at(".docx"))
    tables = [rows for kind, rows in blocks(text) if kind == "table"]
    write_xlsx([("任务清单", "槐安区街巷更新与社区服务提升行动计划（2026—2028年）任务清单", tables[-1]),
                ("指标", "主要指标表", tables[0])], at(".xlsx"))
    with tempfile.TemporaryDirectory() as scratch:
        made = pdf_libreoffice(at(".docx"), scratch)
        if made:
            shutil.copyfile(made, at(".pdf"))
    return 0


def main(argv):
    if argv == ["--fixtures"]:
        return fixtures()
    if len(argv) < 2:
        print(__doc__)
        return 2
    text = open(argv[0], encoding="utf-8-sig").read()
    out, stem = argv[1], os.path.splitext(os.path.basename(argv[0]))[0]
    formats = next((argv[i + 1].split(",") for i, a in enumerate(argv) if a == "--formats"), ["html", "docx", "pdf", "pdf-chromium"])
    os.makedirs(out, exist_ok=True)
    at = lambda ext: os.path.join(out, stem + ext)
    if "html" in formats or "pdf-chromium" in formats:
        open(at(".html"), "w", encoding="utf-8").write(plain_page(text))
    if "md" in formats:
        open(at(".md"), "w", encoding="utf-8").write(markdown(text))
    if "docx" in formats or "pdf" in formats:
        write_docx(text, at(".docx"))
    if "pdf" in formats:
        pdf_libreoffice(at(".docx"), out)
    if "pdf-chromium" in formats:
        pdf_chromium(at(".html"), at(".chromium.pdf"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

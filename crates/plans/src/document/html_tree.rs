//! A small tree of an HTML page.
//!
//! The tokenizer is the standard one; the tree rules are a short form of it: what saved government pages need
//! (unclosed paragraphs, cells and rows), linear in the size of the page and bounded in depth whatever it nests.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::limits;

/// Place of a node in [`Tree::nodes`].
pub(super) type NodeId = usize;

/// The root, which is always there.
pub(super) const ROOT: NodeId = 0;

#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
}

#[derive(Debug, Default)]
pub(super) struct Node {
    /// Lower-case tag name; empty for text.
    pub(super) tag: String,
    /// Words of a text node.
    pub(super) text: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<NodeId>,
}

impl Node {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn is_text(&self) -> bool {
        self.tag.is_empty()
    }
}

impl Tree {
    pub(super) fn parse(page: &str) -> Tree {
        let tokenizer = Tokenizer::new(Builder::default(), TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(page));
        // A sink that never answers `Script` is never stopped in the middle.
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.state.into_inner().tree
    }

    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id)
    }

    pub(super) fn children(&self, id: NodeId) -> &[NodeId] {
        self.nodes.get(id).map_or(&[], |node| &node.children)
    }
}

#[derive(Default)]
struct Builder {
    state: RefCell<State>,
}

struct State {
    tree: Tree,
    /// Open elements, root first.
    open: Vec<NodeId>,
    /// Elements opened deeper than the limit: they are not kept, their words are.
    too_deep: usize,
}

impl Default for State {
    fn default() -> Self {
        let root = Node { tag: "#root".into(), ..Node::default() };
        Self { tree: Tree { nodes: vec![root] }, open: vec![ROOT], too_deep: 0 }
    }
}

impl TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::CharacterTokens(words) => state.text(&words),
            Token::TagToken(tag) => return state.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn current(&self) -> NodeId {
        self.open.last().copied().unwrap_or(ROOT)
    }

    fn add(&mut self, node: Node) -> NodeId {
        let id = self.tree.nodes.len();
        self.tree.nodes.push(node);
        let parent = self.current();
        if let Some(parent) = self.tree.nodes.get_mut(parent) {
            parent.children.push(id);
        }
        id
    }

    fn text(&mut self, words: &str) {
        let last = self.tree.children(self.current()).last().copied();
        if let Some(node) = last.and_then(|id| self.tree.nodes.get_mut(id)).filter(|node| node.is_text()) {
            node.text.push_str(words);
            return;
        }
        self.add(Node { text: words.to_owned(), ..Node::default() });
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        if tag.kind == TagKind::EndTag {
            self.close(name);
            return TokenSinkResult::Continue;
        }
        self.close_implied(name);
        let attributes =
            tag.attrs.iter().map(|it| (it.name.local.to_string(), it.value.to_string())).collect();
        let node = Node { tag: name.to_owned(), attributes, ..Node::default() };
        let is_void = matches!(
            name,
            "area"
                | "base"
                | "br"
                | "col"
                | "embed"
                | "hr"
                | "img"
                | "input"
                | "link"
                | "meta"
                | "source"
                | "wbr"
        );
        if is_void || (tag.self_closing && name.contains(':')) {
            self.add(node);
        } else if limits::NESTING_MAX <= self.open.len() {
            self.too_deep += 1;
        } else {
            let id = self.add(node);
            self.open.push(id);
        }
        match name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    fn tag_of(&self, id: NodeId) -> &str {
        self.tree.node(id).map_or("", |node| &node.tag)
    }

    /// Closes the nearest open `name`, unless a table border lies between: a stray `</div>` in a cell must not close
    /// the page's frame.
    fn close(&mut self, name: &str) {
        if 0 < self.too_deep {
            self.too_deep -= 1;
            return;
        }
        let in_table = is_table_part(name);
        for at in (1..self.open.len()).rev() {
            let open = self.open.get(at).map_or("", |id| self.tag_of(*id));
            if open == name {
                self.open.truncate(at);
                return;
            }
            if (!in_table && matches!(open, "td" | "th")) || (in_table && open == "table") {
                return;
            }
        }
    }

    /// Closes what the start of `name` ends without a tag of its own.
    fn close_implied(&mut self, name: &str) {
        let (closes, stops): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "table", "td", "th"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl", "table", "td", "th"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tr" => (&["tr"], &["table"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot", "tr"], &["table"]),
            "option" => (&["option"], &["select"]),
            _ if is_block(name) => (&["p"], &["table", "td", "th", "div", "li", "section", "article"]),
            _ => return,
        };
        // The outermost match above the stop: `<tbody>` ends the row and the section before it.
        let mut cut = None;
        for at in (1..self.open.len()).rev() {
            let open = self.open.get(at).map_or("", |id| self.tag_of(*id));
            if closes.contains(&open) {
                cut = Some(at);
            } else if stops.contains(&open) {
                break;
            }
        }
        if let Some(at) = cut {
            self.open.truncate(at);
        }
    }
}

fn is_table_part(name: &str) -> bool {
    matches!(name, "table" | "tr" | "td" | "th" | "tbody" | "thead" | "tfoot" | "caption")
}

/// Elements that stand on lines of their own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "html"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

//! Writes HTML: descriptions, types with links, and documents in colour.

use std::fmt::Write as _;

use super::reference::Reference;
use super::usage::Lines;

/// Text that can stand anywhere in HTML.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// What writes about the types of a schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct Markup<'a> {
    pub reference: &'a Reference,
}

impl Markup<'_> {
    /// A description: `code` in back quotes, `<https://…>` as a link.
    pub fn prose(self, text: &str) -> String {
        let mut html = String::new();
        for (number, part) in text.split('`').enumerate() {
            if number % 2 == 1 {
                let _ = write!(html, "<code>{}</code>", self.name(part));
                continue;
            }
            let mut rest = part;
            while let Some((before, (address, after))) = rest
                .split_once("<https://")
                .and_then(|(before, link)| Some((before, link.split_once('>')?)))
            {
                let address = escape(&format!("https://{address}"));
                let _ = write!(html, "{}<a href=\"{address}\">{address}</a>", escape(before));
                rest = after;
            }
            html.push_str(&escape(rest));
        }
        html
    }

    /// A name; that of a type, or of one of its fields, leads to its page.
    pub fn name(self, name: &str) -> String {
        let (of, field) = name.split_once('.').unwrap_or((name, ""));
        match (self.reference.get(of), self.reference.field(of, field)) {
            (Some(of), None) if field.is_empty() => format!("<a href=\"/docs/{0}\">{0}</a>", of.name),
            (Some(of), Some(field)) => {
                format!("<a href=\"/docs/{0}#{1}\">{0}.{1}</a>", of.name, field.name)
            }
            _ => escape(name),
        }
    }

    /// A type as the schema writes it, with a link.
    pub fn type_reference(self, of: &str) -> String {
        let name = of.trim_matches(['[', ']', '!']);
        let open = of.find(|letter| letter != '[').unwrap_or(0);
        let close = &of[open + name.len()..];
        format!("{}{}{close}", &of[..open], self.name(name))
    }

    /// A document or JSON in colour, a line each, where those in `lines` stand out.
    pub fn code(self, text: &str, lines: Option<&Lines>) -> String {
        let mut html = String::new();
        for (index, line) in text.lines().enumerate() {
            let used = lines.is_some_and(|lines| lines.contains(&(index + 1)));
            let open = if used { "<mark>" } else { "" };
            let close = if used { "</mark>" } else { "" };
            let _ = writeln!(html, "{open}{}{close}", self.line(line));
        }
        html.trim_end().to_owned()
    }

    fn line(self, line: &str) -> String {
        let mut html = String::new();
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let word = |letter: char| letter.is_alphanumeric() || letter == '_';
            let length = match first {
                '#' => rest.len(),
                '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
                '$' => 1 + rest[1..].find(|letter| !word(letter)).unwrap_or(rest.len() - 1),
                first if word(first) => rest.find(|letter| !word(letter)).unwrap_or(rest.len()),
                first => first.len_utf8(),
            };
            let (token, after) = rest.split_at(length);
            let class = match first {
                '#' => "comment",
                '"' if after.starts_with(':') => "argument",
                '"' => "string",
                '$' => "variable",
                _ if matches!(token, "query" | "mutation" | "fragment" | "on") => "keyword",
                _ if self.reference.get(token).is_some() => "type",
                _ if matches!(token, "true" | "false" | "null") || first.is_ascii_digit() => "value",
                _ if word(first) && token.chars().all(|letter| letter.is_uppercase() || letter == '_') => "value",
                _ if word(first) && after.starts_with(':') => "argument",
                _ => "",
            };
            let token = if class == "type" {
                self.name(token)
            } else {
                escape(token)
            };
            if class.is_empty() {
                html.push_str(&token);
            } else {
                let _ = write!(html, "<span class=\"{class}\">{token}</span>");
            }
            rest = after;
        }
        html
    }
}

#[cfg(test)]
mod tests {
    use super::{Markup, Reference};

    const SDL: &str = "type Query { album(id: ID!): Album } type Album { title: String }";

    #[test]
    fn a_description_is_text_but_for_code_and_links() {
        let reference = Reference::new(SDL);
        let markup = Markup { reference: &reference };
        assert_eq!(
            markup.prose("An `Album` & its `Album.title`, `<b>`, <script>: <https://a.example/?b&c>."),
            "An <code><a href=\"/docs/Album\">Album</a></code> &amp; its <code><a href=\"/docs/Album#title\">Album.title</a></code>, \
             <code>&lt;b&gt;</code>, &lt;script&gt;: <a href=\"https://a.example/?b&amp;c\">https://a.example/?b&amp;c</a>."
        );
    }

    #[test]
    fn a_type_keeps_its_brackets_and_marks() {
        let reference = Reference::new(SDL);
        let markup = Markup { reference: &reference };
        assert_eq!(
            markup.type_reference("[Album!]!"),
            "[<a href=\"/docs/Album\">Album</a>!]!"
        );
        assert_eq!(markup.type_reference("[[ID]]"), "[[ID]]");
    }

    #[test]
    fn a_document_is_coloured_and_never_markup() {
        let reference = Reference::new(SDL);
        let markup = Markup { reference: &reference };
        let code = markup.code("{ a(b: \"<i>\", c: $d) # <u>\n}", Some(&[2].into()));
        assert!(
            code.contains("<span class=\"string\">&quot;&lt;i&gt;&quot;</span>"),
            "{code}"
        );
        assert!(code.contains("<span class=\"variable\">$d</span>"), "{code}");
        assert!(code.contains("<span class=\"comment\"># &lt;u&gt;</span>"), "{code}");
        assert!(code.ends_with("\n<mark>}</mark>"), "{code}");
    }
}

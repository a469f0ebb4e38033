//! The elements of an SVG, written with escaped text and short numbers.

use std::fmt::{self, Write as _};

/// A document that grows.
pub struct Svg(String);

/// A coordinate with one decimal at most.
#[derive(Clone, Copy)]
pub struct Px(pub f64);

/// How a text looks.
#[derive(Clone, Copy)]
pub struct Type {
    /// Class of the style sheet.
    pub class: &'static str,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
}

/// Styles of every text and shape. No font is fetched: these are asked for in turn.
const STYLE: &str = "text{font:12px 'DejaVu Sans','Noto Sans','Noto Sans CJK SC','PingFang SC',\
'Microsoft YaHei',sans-serif;fill:#1f2937}\
.title{font-size:22px;font-weight:700}.label{font-size:11px;fill:#6b7280}\
.fact{font-size:14px;font-weight:700}.caller{fill:#0f6674}.agent{fill:#5236b5}\
.side{font-weight:700;font-size:13px}.cut{fill:#9ca3af;text-decoration:line-through}\
.ms{font-size:11px;font-weight:700;fill:#3b5bdb}.slow{font-size:11px;font-weight:700;fill:#b45309}\
.tick{font-size:10px;fill:#6b7280}.key{font-size:11px;font-weight:700;fill:#fff}\
.note{font-size:10px;fill:#b91c1c}.sound{font-size:10px;fill:#15803d}\
.pill{font-size:11px;font-weight:700;fill:#fff}.good{fill:#15803d}.bad{fill:#b91c1c}";

/// Hatching of gaps.
const DEFS: &str = "<defs><pattern id=\"gap\" width=\"6\" height=\"6\" \
patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" \
fill=\"#fee2e2\"/><path d=\"M0 0V6\" stroke=\"#ef4444\" stroke-width=\"2\"/></pattern></defs>";

impl Svg {
    /// An empty sheet with a light background.
    pub fn new(width: f64, height: f64) -> Self {
        let (w, h) = (Px(width), Px(height));
        Self(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" \
             height=\"{h}\" role=\"img\"><style>{STYLE}</style>{DEFS}\
             <rect width=\"{w}\" height=\"{h}\" fill=\"#ffffff\"/>\n"
        ))
    }

    /// The document.
    pub fn finish(mut self) -> String {
        self.0.push_str("</svg>\n");
        self.0
    }

    /// A filled rectangle; `title` is shown when it is pointed at.
    pub fn rect(&mut self, (x, y): (f64, f64), (w, h): (f64, f64), look: &str, title: &str) {
        let (x, y, w, h) = (Px(x), Px(y), Px(w), Px(h));
        self.put(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" {look}"
        ));
        if title.is_empty() {
            self.put(format_args!("/>\n"));
        } else {
            self.put(format_args!("><title>{}</title></rect>\n", Escaped(title)));
        }
    }

    /// A path; `d` is ours.
    pub fn path(&mut self, d: &str, look: &str) {
        self.put(format_args!("<path d=\"{d}\" {look}/>\n"));
    }

    /// A line of text at its baseline.
    pub fn text(&mut self, (x, y): (f64, f64), look: Type, text: &str) {
        let (x, y, class) = (Px(x), Px(y), look.class);
        self.put(format_args!("<text x=\"{x}\" y=\"{y}\" class=\"{class}\""));
        if look.anchor != "start" {
            self.put(format_args!(" text-anchor=\"{}\"", look.anchor));
        }
        self.put(format_args!(">{}</text>\n", Escaped(text)));
    }

    /// Opens a group with a title for all of it; [`Svg::close`] ends it.
    pub fn open(&mut self, title: &str) {
        self.put(format_args!("<g><title>{}</title>\n", Escaped(title)));
    }

    /// Ends a group.
    pub fn close(&mut self) {
        self.0.push_str("</g>\n");
    }

    fn put(&mut self, part: fmt::Arguments<'_>) {
        self.0.write_fmt(part).expect("a string takes everything");
    }
}

impl Type {
    /// A text that begins at its x.
    pub const fn start(class: &'static str) -> Self {
        Self {
            class,
            anchor: "start",
        }
    }

    /// A text with its x in the middle.
    pub const fn middle(class: &'static str) -> Self {
        Self {
            class,
            anchor: "middle",
        }
    }

    /// A text that ends at its x.
    pub const fn end(class: &'static str) -> Self {
        Self {
            class,
            anchor: "end",
        }
    }
}

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() as i64;
        let sign = if tenths < 0 { "-" } else { "" };
        match (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10) {
            (whole, 0) => write!(f, "{sign}{whole}"),
            (whole, rest) => write!(f, "{sign}{whole}.{rest}"),
        }
    }
}

/// Text that was written by somebody else.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // Control characters are no XML (XML 1.0 section 2.2), and those of direction
                // would turn the text around them.
                c if c.is_control() => f.write_char(' ')?,
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {}
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let text = |px: f64| Px(px).to_string();
        assert_eq!([text(3.0), text(3.04), text(-0.26)], ["3", "3", "-0.3"]);
    }

    #[test]
    fn nothing_that_is_written_becomes_markup() {
        let hostile = "</text><script>alert('x')</script>&\u{0}\u{202e}\n\"";
        assert_eq!(
            Escaped(hostile).to_string(),
            "&lt;/text&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;  &quot;"
        );
    }
}

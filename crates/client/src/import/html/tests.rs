//! Pages of other programs, as documents.

use sheaf_document::markdown;

use super::{Content, is_too_deep, read};

/// Returns a page's title and its blocks as Markdown.
fn page(html: &str) -> (String, String) {
    let Content { page, .. } = read(html, "page.html", "page");
    (page.title, markdown::write(&markdown::normal(page.blocks)))
}

#[test]
fn what_words_mean_is_kept_and_how_they_looked_is_not() {
    let (title, text) = page(
        "<html><head><title>Ignored</title><style>p{}</style></head><body>
         <h1>The <em>harbour</em></h1><script>alert(1)</script>
         <div><p>See   <a href='https://example.org/x'><b>the</b> log</a>,<br>quiet.</p>
         loose <span style='color:red'>words</span></div>
         <ul><li>one<ol start=3><li>deep</ol></li><li><p>two</p><p>more</p></li></ul>
         <ul><li><input type=checkbox checked> done</li><li><label><input type=checkbox> open</label></li></ul>
         <blockquote>said <code>x</code></blockquote><pre><code class='language-rust'>fn main() {}\n</code></pre>
         <table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table><hr>
         <p>H<sub>2</sub>O</p></body></html>",
    );
    assert_eq!(title, "The harbour", "the first heading is the title");
    assert_eq!(
        text,
        "See [**the** log](https://example.org/x),\\\nquiet.\n\nloose words\n\n- one\n\n  3. deep\n\n- two\n\n  more\n\n\
         * [x] done\n* [ ] open\n\n> said `x`\n\n```rust\nfn main() {}\n```\n\n\
         | a | b |\n| --- | --- |\n| 1 | 2 |\n\n***\n\nH<sub>2</sub>O\n"
    );
}

#[test]
fn what_could_run_or_read_the_disk_is_no_link_and_no_picture() {
    let (_, text) = page(
        "<p><a href='java\nscript:alert(1)'>a</a> <a href='file:///etc/passwd'>b</a> <a href='data:text/html,x'>c</a></p>
         <img src='javascript:x' alt='d'><img src='data:image/svg+xml;base64,PHN2Zz4=' alt='e'>
         <svg><text>f</text></svg><iframe src='x'>g</iframe>",
    );
    assert_eq!(text, "a b c\n\nde\n", "the words stay, and nothing else");
}

#[test]
fn a_picture_within_a_page_is_a_file_of_its_own() {
    let Content { page, parts } = read(
        "<figure><img src='data:image/png;base64,iVBORw0K' alt='sea' width=320><figcaption>At noon</figcaption></figure>",
        "my page.html",
        "my page",
    );
    assert_eq!(page.title, "my page", "the name of the file is the title of a page that has none");
    assert_eq!(parts.len(), 1);
    assert_eq!(
        (parts[0].path.as_str(), parts[0].bytes.as_slice()),
        ("my page.html/picture 1.png", &b"\x89PNG\r\n"[..])
    );
    let text = markdown::write(&markdown::normal(page.blocks));
    assert_eq!(text, "![sea|320](my%20page.html/picture%201.png \"At noon\")\n");
}

#[test]
fn a_page_that_is_deeper_than_anybody_makes_one_is_left_and_one_that_is_not_is_read_to_its_words() {
    let deep = |begin: &str, depth: usize| format!("{}deep", begin.repeat(depth));
    for begin in ["<div>", "<blockquote>", "<ul><li>", "<b>", "<table><tr><td>"] {
        assert!(is_too_deep(&deep(begin, 10_000)), "{begin}");
        let page_of = deep(begin, 300);
        assert!(!is_too_deep(&page_of), "{begin}");
        assert!(page(&page_of).1.contains("deep"), "{begin}: and no document is deeper than it may be");
    }
    assert!(!is_too_deep(&"<p>one<br>two<li>three".repeat(10_000)), "what ends by itself is not deep");
    assert!(!is_too_deep(&format!("<script>{}</script>", "if (a<b ) {}".repeat(10_000))), "nor is a script");
}

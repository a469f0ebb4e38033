//! Answers for people: lists as tables, single things as YAML.

use serde_json::Value;

/// The widest cell, in characters.
const CELL_MAX: usize = 48;

/// A table of a list's items, and how many there are in all.
pub fn rows(list: &Value, columns: &[&str]) -> String {
    let items = list["items"].as_array().map_or(&[][..], Vec::as_slice);
    let mut table: Vec<Vec<String>> =
        vec![columns.iter().map(|name| name.to_uppercase()).collect()];
    table.extend(
        items
            .iter()
            .map(|item| columns.iter().map(|name| cell(&item[*name])).collect()),
    );
    let widths: Vec<usize> = (0..columns.len())
        .map(|idx| {
            table
                .iter()
                .map(|row| row[idx].chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut lines: Vec<String> = table
        .iter()
        .map(|row| {
            let cells = row
                .iter()
                .zip(&widths)
                .map(|(text, width)| format!("{text:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect();
    let total = list["total"].as_u64().unwrap_or(0);
    if total > items.len() as u64 {
        lines.push(format!(
            "({} of {total}; --offset and --limit show others)",
            items.len()
        ));
    }
    lines.join("\n")
}

fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(","),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    };
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if clean.chars().count() <= CELL_MAX {
        return clean;
    }
    clean.chars().take(CELL_MAX - 1).chain(['…']).collect()
}

/// One thing with all its fields.
pub fn fields(thing: &Value) -> String {
    serde_yaml_ng::to_string(thing)
        .expect("JSON is YAML")
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_are_aligned_and_hostile_names_stay_in_their_cell() {
        let list = json!({"items": [
            {"id": 1, "name": "a\u{1b}[2Jb", "of": null},
            {"id": 100, "name": "c", "of": [1, 2]},
        ], "total": 3});
        let shown = rows(&list, &["id", "name", "of"]);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[0], "ID   NAME    OF");
        assert_eq!(lines[1], "1    a [2Jb  -");
        assert_eq!(lines[2], "100  c       1,2");
        assert_eq!(lines[3], "(2 of 3; --offset and --limit show others)");
    }
}

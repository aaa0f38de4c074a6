//! The desktop app: windows and wires, no product logic.

#[cfg(test)]
mod shapes;

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}

//! Texts about the tides.

/// Says how high the water is, in centimetres.
pub fn height(centimetres: u32) -> String {
    format!("{} cm", itoa::Buffer::new().format(centimetres))
}

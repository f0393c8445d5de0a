//! Text from strangers, made safe to show (R1, R2, R5).
/// stub
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Safe(std::sync::Arc<str>);
impl Safe {
    /// stub
    pub fn line(t: &str) -> Self {
        Self(t.into())
    }
    /// stub
    pub fn text(t: &str) -> Self {
        Self(t.into())
    }
    /// stub
    pub fn literal(t: &'static str) -> Self {
        Self(t.into())
    }
    /// stub
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// stub
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl std::fmt::Display for Safe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

//! The tree of organisations, and who stands above whom in it.

use std::collections::HashMap;

use super::id::OrganisationId;

/// The organisations of a desk and their parents. A forest: any number of roots.
///
/// Relations to an organisation the tree does not know are false, so that a stale id gives nothing away.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    ancestors: HashMap<OrganisationId, Vec<OrganisationId>>,
}

/// Why a set of organisations is not a tree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotATree {
    /// A parent is named that does not exist.
    #[error("organisation {child} names the parent {parent}, which does not exist")]
    UnknownParent {
        /// Whose parent is missing.
        child: OrganisationId,
        /// The name that leads nowhere.
        parent: OrganisationId,
    },
    /// Following the parents comes back to where it began.
    #[error("organisation {0} is above itself")]
    Cycle(OrganisationId),
}

impl Tree {
    /// Builds the tree from each organisation and its parent.
    ///
    /// # Errors
    /// [`NotATree`] if a parent is unknown or an organisation would stand above itself.
    pub fn new(
        pairs: impl IntoIterator<Item = (OrganisationId, Option<OrganisationId>)>,
    ) -> Result<Self, NotATree> {
        let parents: HashMap<_, _> = pairs.into_iter().collect();
        let mut ancestors = HashMap::with_capacity(parents.len());
        for (id, parent) in &parents {
            let mut above = Vec::new();
            let (mut child, mut next) = (id, parent);
            while let Some(parent) = next {
                if above.len() > parents.len() || parent == id {
                    return Err(NotATree::Cycle(id.clone()));
                }
                let Some(grandparent) = parents.get(parent) else {
                    return Err(NotATree::UnknownParent {
                        child: child.clone(),
                        parent: parent.clone(),
                    });
                };
                above.push(parent.clone());
                (child, next) = (parent, grandparent);
            }
            ancestors.insert(id.clone(), above);
        }
        Ok(Self { ancestors })
    }

    /// `above(x, y)`: `x` is a strict ancestor of `y` (V3).
    #[must_use]
    pub fn above(&self, x: &OrganisationId, y: &OrganisationId) -> bool {
        self.ancestors(y).contains(x)
    }

    /// `covers(x, y)`: `x` is `y` or above it.
    #[must_use]
    pub fn covers(&self, x: &OrganisationId, y: &OrganisationId) -> bool {
        x == y || self.above(x, y)
    }

    /// The strict ancestors of an organisation, nearest first; none for an unknown one.
    #[must_use]
    pub fn ancestors(&self, of: &OrganisationId) -> &[OrganisationId] {
        self.ancestors.get(of).map_or(&[], Vec::as_slice)
    }

    /// Every organisation the tree knows, in no order.
    pub fn organisations(&self) -> impl Iterator<Item = &OrganisationId> {
        self.ancestors.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> OrganisationId {
        OrganisationId::parse(text).unwrap()
    }

    #[test]
    fn above_is_strict_and_transitive_and_never_sideways() {
        let tree = Tree::new([
            (id("root"), None),
            (id("a"), Some(id("root"))),
            (id("b"), Some(id("root"))),
            (id("a1"), Some(id("a"))),
        ])
        .unwrap();
        assert!(tree.above(&id("root"), &id("a1")) && tree.above(&id("a"), &id("a1")));
        assert!(!tree.above(&id("a"), &id("a")) && tree.covers(&id("a"), &id("a")));
        assert!(!tree.above(&id("b"), &id("a1")) && !tree.above(&id("a1"), &id("a")));
        assert!(!tree.above(&id("root"), &id("nowhere")));
    }

    #[test]
    fn what_is_not_a_tree_is_refused_by_name() {
        let cycle = Tree::new([(id("a"), Some(id("b"))), (id("b"), Some(id("a")))]);
        assert!(matches!(cycle, Err(NotATree::Cycle(_))));
        let below_a_cycle = Tree::new([
            (id("a"), Some(id("b"))),
            (id("b"), Some(id("b"))),
            (id("c"), Some(id("a"))),
        ]);
        assert!(matches!(below_a_cycle, Err(NotATree::Cycle(_))));
        let missing = Tree::new([(id("a"), Some(id("gone")))]);
        assert_eq!(
            missing.unwrap_err(),
            NotATree::UnknownParent {
                child: id("a"),
                parent: id("gone")
            }
        );
    }
}

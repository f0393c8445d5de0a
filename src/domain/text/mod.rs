//! Text from strangers, made safe to show (R1, R2, R5).

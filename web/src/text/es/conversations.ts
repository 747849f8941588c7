// Texts of `conversations`.

export default {};

// Texts of `error`.

export default {};

// Texts of `shortcuts`.

export default {};

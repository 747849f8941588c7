// Texts of `timeline`.

export default {};

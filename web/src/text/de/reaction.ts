// Texts of `reaction`.

export default {};

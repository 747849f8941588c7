// Texts of `conversation`.

export default {};

// Texts of `auth`.

export default {};

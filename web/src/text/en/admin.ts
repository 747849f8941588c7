// Texts of `admin`.

export default {};

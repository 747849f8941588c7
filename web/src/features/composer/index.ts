// The composer, for the app.

export { Composer, type ComposerProps } from './Composer';

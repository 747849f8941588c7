// Components that are loaded when they are first shown, together with the texts that the first page does without.

import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { restOfText } from './text';

// React's own type for `lazy` says `any` here: the properties are whatever the component takes.
// oxlint-disable-next-line typescript/no-explicit-any
type Loaded<Part extends ComponentType<any>> = { default: Part };

// oxlint-disable-next-line typescript/no-explicit-any
export function late<Part extends ComponentType<any>>(load: () => Promise<Loaded<Part>>): LazyExoticComponent<Part> {
  return lazy(async () => {
    const [part] = await Promise.all([load(), restOfText()]);
    return part;
  });
}

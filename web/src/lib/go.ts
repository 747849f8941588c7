// Goes to another address of the client from outside of a component's body, as `useLocation` does inside.

export { navigate as go } from 'wouter/use-browser-location';

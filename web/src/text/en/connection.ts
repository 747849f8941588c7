// Texts of `connection`: the line that says how the connection is.

export default {
  connecting: 'Connecting…',
  syncing: 'Catching up…',
  offline: 'You are offline. What you send goes out when you are back.',
  unreachable: 'The server cannot be reached. What you send goes out later.',
  retryIn: 'Next attempt {{when}}.',
  tryNow: 'Try now',
};

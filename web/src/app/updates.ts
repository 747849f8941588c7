// A new version of the app: it is fetched in the background and waits. Every tab says that it is there; it takes over when
// somebody says so, and only the tab where they said it loads again. The others go on with the files that they have, which
// the service worker keeps for them.

import { t } from '@/lib/text';
import { toast } from '@/ui';

function offer(waiting: ServiceWorker): void {
  toast(t('install.update'), {
    action: {
      label: t('install.reload'),
      run: () => {
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        // The empty list is what is handed over with it.
        waiting.postMessage('take-over', []);
      },
    },
  });
}

export async function register(): Promise<void> {
  const registration = await navigator.serviceWorker.register('/sw.js');
  const watch = () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      // At the very first visit there is nothing to replace.
      if (worker.state === 'installed' && navigator.serviceWorker.controller) offer(worker);
    });
  };
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener('updatefound', watch);
  // Whoever leaves the page open for days hears of new versions too.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void registration.update().catch(() => undefined);
  });
}

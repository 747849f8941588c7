// What is left in this browser of somebody who has signed out, beside what sync has removed: notifications, and what they
// wanted to be told of.

import { forget } from '@/features/settings/push';
import { forgetRules } from '@/features/settings/rules';

export async function forgetNotifications(): Promise<void> {
  forgetRules();
  await forget();
}

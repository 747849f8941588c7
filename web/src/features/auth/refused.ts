// A refusal, as the form shows it: beside the field that it is about, or above the button.

import { errorText, isRefused } from '@/lib/error';
import { t, type TextKey } from '@/lib/text';

export type FieldName = 'login' | 'username' | 'display_name' | 'email' | 'password';

export interface Shown {
  readonly fields: Readonly<Partial<Record<FieldName, string>>>;
  readonly form: string | null;
}

export const nothingWrong: Shown = { fields: {}, form: null };

/** What a field that was found invalid should be. */
const rules: Readonly<Record<FieldName, TextKey>> = {
  login: 'auth.required',
  username: 'auth.usernameInvalid',
  display_name: 'auth.displayNameInvalid',
  email: 'auth.emailInvalid',
  password: 'auth.passwordInvalid',
};

function isField(name: string | undefined): name is FieldName {
  return name !== undefined && Object.hasOwn(rules, name);
}

export function shown(problem: unknown): Shown {
  if (isRefused(problem) && isField(problem.field)) {
    const text = problem.code === 'invalid_field' ? t(rules[problem.field]) : errorText(problem);
    return { fields: { [problem.field]: text }, form: null };
  }
  return { fields: {}, form: errorText(problem) };
}

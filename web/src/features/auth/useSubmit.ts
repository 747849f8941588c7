// Submitting a form: once at a time, with what was refused shown, and the focus on the first field that is wrong.

import { useRef, useState, type SubmitEvent } from 'react';
import { nothingWrong, shown, type FieldName, type Shown } from './refused';

export interface Submit {
  readonly busy: boolean;
  readonly wrong: Shown;
  readonly submit: (event: SubmitEvent<HTMLFormElement>) => void;
}

function value(data: FormData, name: FieldName): string {
  const given = data.get(name);
  return typeof given === 'string' ? given : '';
}

/** `check` says what is wrong before the server is asked. */
export function useSubmit(
  act: (value: (name: FieldName) => string) => Promise<void>,
  check: (value: (name: FieldName) => string) => Shown['fields'] = () => ({}),
): Submit {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(nothingWrong);
  const running = useRef(false);

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (running.current) return;
    const form = event.currentTarget;
    const data = new FormData(form);
    const read = (name: FieldName) => value(data, name);
    const show = (problem: Shown) => {
      setWrong(problem);
      const first = [...form.elements].find(
        (element) => element instanceof HTMLInputElement && Object.hasOwn(problem.fields, element.name),
      );
      if (first instanceof HTMLInputElement) first.focus();
    };

    const fields = check(read);
    if (Object.keys(fields).length > 0) {
      show({ fields, form: null });
      return;
    }
    running.current = true;
    setBusy(true);
    setWrong(nothingWrong);
    void act(read)
      .catch((problem: unknown) => show(shown(problem)))
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  };
  return { busy, wrong, submit };
}

// Shows the question of `confirm`.

import { useText } from '@/lib/text';
import { Button } from './Button';
import { useQuestion } from './confirm';
import { Dialog } from './Dialog';

export default function Confirm() {
  const t = useText();
  const question = useQuestion();
  if (!question) return null;
  const { title, text, action, danger, answer } = question;
  return (
    <Dialog
      title={title}
      onClose={() => answer(false)}
      actions={
        <>
          <Button onClick={() => answer(false)}>{t('common.cancel')}</Button>
          <Button kind={danger ? 'danger' : 'primary'} onClick={() => answer(true)}>
            {action}
          </Button>
        </>
      }
    >
      {text && <p>{text}</p>}
    </Dialog>
  );
}

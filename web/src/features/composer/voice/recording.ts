// Records from the microphone and measures how loud it is while doing so. Whoever began it ends it, by keeping what was
// said or by throwing it away; the microphone is let go of in either case.

import { level } from '@/ui/media/waveform';

/** What a browser can record, the best for everybody first. */
const FORMS = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4', 'audio/webm'];

/** Milliseconds between two measurements. */
const BEAT = 60;

export interface Recorded {
  readonly blob: Blob;
  /** In milliseconds. */
  readonly duration: number;
  readonly levels: readonly number[];
}

export interface Recording {
  /** Ends it and keeps what was said. */
  readonly finish: () => Promise<Recorded>;
  readonly cancel: () => void;
}

/** Rejects with the browser's own error when there is no microphone or it may not be used. */
export async function record(heard: (level: number, duration: number) => void): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const form = FORMS.find((each) => MediaRecorder.isTypeSupported(each));
  const recorder = new MediaRecorder(stream, form === undefined ? {} : { mimeType: form });
  const parts: Blob[] = [];
  const levels: number[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));

  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const begun = performance.now();
  const beat = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const loudness = level(samples);
    levels.push(loudness);
    heard(loudness, performance.now() - begun);
  }, BEAT);
  recorder.start();

  const release = () => {
    clearInterval(beat);
    stream.getTracks().forEach((track) => track.stop());
    void context.close().catch(() => undefined);
  };
  return {
    finish: async () => {
      const duration = Math.round(performance.now() - begun);
      const stopped = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve()));
      if (recorder.state !== 'inactive') recorder.stop();
      await stopped;
      release();
      const [type = 'audio/webm'] = (recorder.mimeType || 'audio/webm').split(';');
      return { blob: new Blob(parts, { type }), duration, levels };
    },
    cancel: () => {
      if (recorder.state !== 'inactive') recorder.stop();
      release();
    },
  };
}

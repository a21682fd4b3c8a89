// `npm run mock`: the built page with the mock behind it, and a study that moves.
import { startMock } from './server.mjs';

const mock = await startMock(Number(process.env.PORT ?? 8766));
console.log(`Open ${mock.signIn}`);

const job = mock.world.jobs.find(({ kind, state }) => kind === 'train_model' && state === 'running');
let step = 372;
setInterval(() => {
  if (!job) return;
  step = step >= 600 ? 1 : step + 1;
  const progress = { done: step, total: 600, unit: 'steps', message: 'loss 3.91, 41 images/s' };
  mock.emit({ type: 'progress', key: job.key, attempt: 1, progress });
  mock.emit({
    type: 'curve',
    key: job.key,
    attempt: 1,
    points: [{ series: 'loss', step, value: 3.6 + 5 * Math.exp(-step / 140) }],
  });
}, 1000);

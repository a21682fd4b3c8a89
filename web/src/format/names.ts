/** Wire words → words on the page. */

const kKinds: Record<string, string> = {
  import_dataset: 'Import data set',
  import_file: 'Take over files',
  train_tokenizer: 'Train tokenizer',
  retrain_codebook: 'Re-train codebook',
  tokenize_dataset: 'Tokenize data set',
  train_metric_network: 'Train metric network',
  reference_statistics: 'Reference statistics',
  train_model: 'Train model',
  evaluate_shard: 'Sample and evaluate',
  score_point: 'Score points',
  sample_grid: 'Sample grids',
  noop: 'No-op',
};

/** An unknown kind is shown in words rather than hidden: "measure_entropy" → "Measure entropy". */
export function kindName(kind: string): string {
  const words = kind.replaceAll('_', ' ');
  return kKinds[kind] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

export function ratioName(ratio: string): string {
  if (ratio === 'sqrt2') return '√2';
  if (ratio === 'single') return 'single scale';
  return ratio;
}

export function guidanceName(guidance: number): string {
  return guidance === 0 ? 'none' : String(guidance);
}

const kStates: Record<string, { name: string; glyph: string }> = {
  succeeded: { name: 'Done', glyph: '✓' },
  running: { name: 'Running', glyph: '▶' },
  failed: { name: 'Failed', glyph: '✕' },
  queued: { name: 'Queued', glyph: '○' },
  blocked: { name: 'Waiting', glyph: '◌' },
  cancelled: { name: 'Cancelled', glyph: '⊘' },
  lost: { name: 'Lost', glyph: '✕' },
  preempted: { name: 'Given back', glyph: '↺' },
  crashed: { name: 'Crashed', glyph: '✕' },
  online: { name: 'Online', glyph: '●' },
  offline: { name: 'Offline', glyph: '○' },
  draining: { name: 'Draining', glyph: '◐' },
  cordoned: { name: 'Cordoned', glyph: '⊘' },
  quarantined: { name: 'In quarantine', glyph: '✕' },
  paused: { name: 'Paused', glyph: '‖' },
  archived: { name: 'Archived', glyph: '▣' },
  new: { name: 'New', glyph: '+' },
};

export function stateName(state: string): string {
  return kStates[state]?.name ?? state;
}

export function stateGlyph(state: string): string {
  return kStates[state]?.glyph ?? '•';
}

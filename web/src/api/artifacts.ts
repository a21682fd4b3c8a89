import { buildUrl } from './client';
import type { Artifact } from './types';

/** A name without an ending is a PNG when the job kind says so: `sample_grid` calls its picture "grid". */
function fileName(artifact: Artifact): string {
  if (artifact.name.includes('.')) return artifact.name;
  return isPicture(artifact) ? `${artifact.name}.png` : `${artifact.name}.safetensors`;
}

export function isPicture(artifact: Artifact): boolean {
  return artifact.name === 'grid' || artifact.name.endsWith('.png');
}

export function artifactUrl(artifact: Artifact): string {
  return buildUrl('/api/v1/artifacts/{sha256}', { sha256: artifact.sha256, name: fileName(artifact) });
}

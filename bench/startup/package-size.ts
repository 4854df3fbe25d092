/** Bytes of an installed package, and of each that it needs. */
export interface PackageSize {
  readonly ownBytes: number
  readonly dependencyBytes: Readonly<Record<string, number>>
}

const MIB = 1024 * 1024

/** With all that it needs. */
export function allBytes({ ownBytes, dependencyBytes }: PackageSize): number {
  return Object.values(dependencyBytes).reduce((sum, bytes) => sum + bytes, ownBytes)
}

export function mib(bytes: number): string {
  return (bytes / MIB).toFixed(2)
}

/** Permission bits of a topic on a broker (Java `PermName`). */
export const PERM = { INHERIT: 0x1, WRITE: 0x2, READ: 0x4, PRIORITY: 0x8 } as const

/** True where consumers may read. */
export const isReadable = (perm: number): boolean => (perm & PERM.READ) !== 0
/** True where producers may write. */
export const isWritable = (perm: number): boolean => (perm & PERM.WRITE) !== 0
/** True for a topic that new topics take their settings from. */
export const isInherited = (perm: number): boolean => (perm & PERM.INHERIT) !== 0
/** True where the bit of priority is set. */
export const isPriority = (perm: number): boolean => (perm & PERM.PRIORITY) !== 0

/** True where a topic of this permission is of use to anyone. */
export const isAccessible = (perm: number): boolean => isReadable(perm) || isWritable(perm)

/** True for permissions that an administrator may give a topic or a broker. */
export const isValidPerm = (perm: number): boolean => perm >= 0 && perm < PERM.PRIORITY

/** The permission as operators read it, such as `RW-`. */
export function permText(perm: number): string {
  return (isReadable(perm) ? 'R' : '-') + (isWritable(perm) ? 'W' : '-') + (isInherited(perm) ? 'X' : '-')
}

/** Permission bits of a topic on a broker (Java `PermName`). */
export const PERM = { INHERIT: 0x1, WRITE: 0x2, READ: 0x4, PRIORITY: 0x8 } as const

export const isReadable = (perm: number): boolean => (perm & PERM.READ) !== 0
export const isWritable = (perm: number): boolean => (perm & PERM.WRITE) !== 0
export const isInherited = (perm: number): boolean => (perm & PERM.INHERIT) !== 0

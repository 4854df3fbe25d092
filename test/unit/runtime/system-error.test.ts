import { codeOf, ignoreMissing } from '../../../lib/runtime/system-error'
import { systemError } from '../../support/spool-setup'

describe('a failure of the system', () => {
  it('tells why', () => {
    expect([codeOf(systemError('EIO')), codeOf('text'), codeOf(null), codeOf(new Error())]).toEqual([
      'EIO',
      undefined,
      undefined,
      undefined,
    ])
  })

  it('is none where only a file is missing', async () => {
    await expect(Promise.reject(systemError('ENOENT')).catch(ignoreMissing)).resolves.toBeUndefined()
    await expect(Promise.reject(systemError('EACCES')).catch(ignoreMissing)).rejects.toMatchObject({ code: 'EACCES' })
  })
})

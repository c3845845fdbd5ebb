import { Argument, Command } from 'commander';
import { print, type Terminal } from '../cli/terminal.js';

type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

export function completionCommand(terminal: Terminal): Command {
  return new Command('completion')
    .description('Print a script that completes commands, flags and values at the Tab key')
    .addArgument(new Argument('<shell>', 'shell to complete in').choices(['bash', 'zsh', 'fish', 'powershell']))
    .addHelpText(
      'after',
      `
It completes commands, flags and their choices, files, the keys of the values
after --set, and names in the cluster: releases, revisions, namespaces,
contexts. Put the line for your shell into the file that it reads first:

  ~/.bashrc                   source <(kthena completion bash)
  ~/.zshrc                    source <(kthena completion zsh)
  ~/.config/fish/config.fish  kthena completion fish | source
  $PROFILE (PowerShell)       kthena completion powershell | Out-String |
                                Invoke-Expression

Examples:
  kthena completion bash
  kthena completion zsh > _kthena`,
    )
    .action((shell: Shell) => runCompletion(terminal, shell));
}

async function runCompletion(terminal: Terminal, shell: Shell): Promise<void> {
  const { completionScript } = await import('../cli/completion/script.js');
  await print(terminal, await completionScript(shell));
}

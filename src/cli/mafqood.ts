#!/usr/bin/env node
import { Command } from 'commander';
import { adsTargetingCommand } from './ads-targeting-command.js';
import { auditCommand } from './audit-command.js';
import { doctorCommand } from './doctor-command.js';

const program = new Command('mafqood')
  .description('Tools for whoever runs Mafqood. Each has --help.')
  .addCommand(doctorCommand())
  .addCommand(adsTargetingCommand())
  .addCommand(auditCommand());

await program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

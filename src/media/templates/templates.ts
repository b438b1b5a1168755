import type { Language } from '../../domain/report.js';
import { arabic } from './ar.js';
import { english } from './en.js';
import type { Template } from './template.js';

/** The words of every language. */
export const TEMPLATES: Readonly<Record<Language, Template>> = { ar: arabic, en: english };

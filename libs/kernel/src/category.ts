/** The categories that every field about a client carries (domain dossier 3.2), and the kinds of organisation that hold them. */

/** K9a (notes) is never shared between organisations; K9b is the structured progress summary. */
export const categories = ['K1', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7', 'K8', 'K9a', 'K9b', 'K10'] as const;
export type Category = (typeof categories)[number];

/** `own` marks what says nothing about a client: an opaque id, a version, a moment of administration. */
export type FieldCategory = Category | 'own';

export const categoryNames: Record<Category, { nl: string; en: string }> = {
  K1: { nl: 'wie u bent en hoe u te bereiken bent', en: 'identity and contact' },
  K2: { nl: 'aanmelding en stand van het traject', en: 'referral and trajectory status' },
  K3: { nl: 'werkprofiel en voorkeuren', en: 'vocational profile and preferences' },
  K4: { nl: 'beperkingen, mogelijkheden en wat u nodig hebt', en: 'functional limitations and needs' },
  K5: { nl: 'medische gegevens', en: 'diagnosis and treatment' },
  K6: { nl: 'uitkering en inkomen', en: 'benefits and income' },
  K7: { nl: 'baan en contract', en: 'contract and job facts' },
  K8: { nl: 'bekostiging', en: 'funding and claims' },
  K9a: { nl: 'aantekeningen', en: 'notes' },
  K9b: { nl: 'samenvatting van de voortgang', en: 'structured progress summary' },
  K10: { nl: 'cijfers zonder personen', en: 'aggregates' },
};

export const organisationKinds = ['mental-health', 'uwv', 'municipality', 'insurer', 'covenant'] as const;
/** A kind is a service; an organisation is an instance of one, with its own id, database and keys. */
export type OrganisationKind = (typeof organisationKinds)[number];

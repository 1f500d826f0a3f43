"""French sentences made up for these tests, with their people and places marked: `<P ...>`, `<L ...>`; and French texts with nobody in them."""

from __future__ import annotations

import re

MARKED = """
Bonjour, je m'appelle <P Camille Rousseau> et j'habite à <L Lyon> depuis trois ans.
<P Antoine Lefebvre> a rendez-vous mardi avec le docteur <P Nathalie Girard>.
Le colis de Mme <P Bernadette Faure> est parti de <L Marseille> ce matin.
Pouvez-vous rappeler M. <P Dubois> avant midi ?
Ma collègue <P Sylvie Marchand> travaille au bureau de <L Toulouse>.
Nous avons quitté <L Bordeaux> pour nous installer en <L Belgique>.
Le contrat a été signé par <P Jean-Pierre Moreau> et <P Hélène Caron>.
Est-ce que <P Mathilde> peut venir chercher les enfants à seize heures ?
La réunion de <L Strasbourg> est reportée à la semaine prochaine.
Cordialement, <P Élodie Perrin>
<P Karim Benali> vient de <L Grenoble> et son frère vit à <L Montréal>.
Le client, <P Olivier Texier>, demande le remboursement de sa commande.
J'ai croisé <P Amélie> et <P Thibault> au marché de <L Rennes> samedi.
Notre fournisseur se trouve près de <L Clermont-Ferrand>.
<P François Delattre> est né à <L Nantes> et a grandi en <L Bretagne>.
Merci d'envoyer la facture à <P Sandrine Leclerc>, au service comptable.
La patiente <P Monique Renaud> se plaint de douleurs au genou.
L'avocat <P Pascal Vidal> représente la famille <P Guérin>.
Le train pour <L Lille> part dans dix minutes.
Cher <P Guillaume>, je te remercie pour ton accueil.
<P Fatou Diallo> a ouvert une boutique à <L Dakar>.
Les dossiers de <P Laurent Chevalier> sont rangés dans l'armoire du fond.
Mon voisin, <P Rémi Bouchard>, part en <L Espagne> tous les étés.
Le livreur n'a pas trouvé la rue, il était encore à <L Villeurbanne>.
Contactez <P Aurélie Masson> si le serveur ne répond plus.
<P Yves Lemoine> et <P Chantal Roy> se sont mariés à <L Annecy>.
Le dépôt d'<L Orléans> ferme plus tôt le vendredi.
Je voudrais parler à <P Christophe Barbier>, s'il vous plaît.
Elle revient du <L Maroc> avec sa cousine <P Leïla Haddad>.
La directrice, <P Véronique Picard>, a refusé la demande.
Selon <P Damien Roussel>, le budget est déjà dépassé.
Le chantier de <L Saint-Étienne> a pris du retard.
<P Lucie> m'a dit que le magasin de <L Nice> était complet.
Transmettez mes amitiés à <P Étienne Garnier>.
Un technicien passera chez Monsieur <P Henri Colin> jeudi.
Les stagiaires viennent de <L Genève> et de <L Lausanne>.
<P Inès Carpentier> a oublié son mot de passe.
Le professeur <P Bertrand Meunier> enseigne à l'université de <L Dijon>.
Après <L Metz>, nous irons au <L Luxembourg> chez <P Odile>.
Tu as vu le message de <P Nicolas Fontaine> ?
""".strip().splitlines()

NOBODY = """
Le serveur redémarre automatiquement après une mise à jour.
Veuillez vérifier votre mot de passe et réessayer plus tard.
La commande 4711 a été expédiée, le total est de 38 euros.
Quelle est la différence entre une liste et un dictionnaire ?
Résumez ce texte en trois phrases, sans rien inventer.
Bonjour, comment puis-je vous aider aujourd'hui ?
Il faut installer la nouvelle version avant de lancer les tests.
Les ventes ont baissé de douze pour cent au deuxième trimestre.
Traduisez la phrase suivante en anglais, s'il vous plaît.
Cette fonction renvoie la somme des éléments du tableau.
D'accord, je m'en occupe demain matin.
L'erreur vient du fichier de configuration, ligne 42.
Pourquoi le ciel est-il bleu ? Expliquez simplement.
Merci beaucoup, à bientôt !
Ajoutez deux cuillères de sucre et mélangez doucement.
Le rapport doit être rendu lundi au plus tard.
Attention : cette opération ne peut pas être annulée.
Quel temps fera-t-il ce week-end ?
Votre abonnement arrive à échéance dans sept jours.
Écrivez un poème sur l'automne et la pluie.
""".strip().splitlines()

_MARK = re.compile(r"<([PL]) ([^>]+)>")
_KINDS = {"P": "PERSON", "L": "LOCATION"}


def plain(marked: str) -> tuple[str, list[tuple[str, str]]]:
    """The sentence, and (kind, text) of what is in it."""
    return _MARK.sub(r"\2", marked), [(_KINDS[kind], text) for kind, text in _MARK.findall(marked)]

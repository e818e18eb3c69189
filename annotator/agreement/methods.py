"""How each figure is computed and whom to cite for it: the words that stand beside the number."""

from __future__ import annotations

_KMBW = "Krippendorff, Mathet, Bouvry & Widlöcher 2016, Quality & Quantity 50:2347 (erratum 50:2365)"
_K19 = "Krippendorff 2019, Content Analysis, 4th ed., ch. 12"
_PAIRS = "summed over pairs of annotators and documents; not chance-corrected"
_SG = "Stab & Gurevych 2017, Computational Linguistics 43:619"
_PS = "Peldszus & Stede 2013, LAW VII, 196-204"
_CHANCE = "1 - (1 - Po) / (1 - Pe), chance"
_HR = "Hripcsak & Rothschild 2005, JAMIA 12:296"
_ALPHA = "1 - observed / expected disagreement"

#: The works cited, in full; further down they are named in short.
REFERENCES = {
    _KMBW: "Krippendorff, K., Mathet, Y., Bouvry, S., & Widlöcher, A. (2016). On the reliability of unitizing textual "
    "continua: Further developments. Quality & Quantity, 50(6), 2347-2364 (erratum 50, 2365)",
    _K19: "Krippendorff, K. (2019). Content Analysis: An Introduction to Its Methodology (4th ed., ch. 12). Sage",
    _SG: "Stab, C., & Gurevych, I. (2017). Parsing argumentation structures in persuasive essays. Computational "
    "Linguistics, 43(3), 619-659",
    _PS: "Peldszus, A., & Stede, M. (2013). Ranking the annotators: An agreement study on argumentation structure. "
    "In Proceedings of the 7th Linguistic Annotation Workshop and Interoperability with Discourse (pp. 196-204)",
    _HR: "Hripcsak, G., & Rothschild, A. S. (2005). Agreement, the F-measure, and reliability in information "
    "retrieval. Journal of the American Medical Informatics Association, 12(3), 296-298",
}

METHODS = {
    "u_alpha": f"{_ALPHA} in unitizing, nominal; coincidences summed over documents; {_KMBW}",
    "bar_u_alpha": f"{_ALPHA} on where units lie, labels ignored; {_KMBW}",
    "cu_alpha": f"{_ALPHA} on labels where two annotators marked something, nominal, "
    f"S* by ordered pairs of annotators; {_KMBW}",
    "cu_coverage": f"share of all characters that cu-alpha speaks about; {_KMBW}",
    "ku_alpha": f"(k)u-alpha: {_ALPHA} between label k and the others on the joint continuum; {_KMBW}",
    "ku_coverage": f"share of label k where another annotator marked something; {_KMBW}",
    "label_u_alpha": f"u-alpha of label k against everything else, on k's own continuum; {_KMBW}",
    "pooled_label_u_alpha": "1 - sum of observed / sum of expected disagreement over the labels, "
    f"each on its own continuum (defined where spans overlap); after {_KMBW}",
    "span_f1_exact": f"2 x common / all spans, same fragments and label, {_PAIRS}; {_HR}",
    "span_f1_unlabelled": f"2 x common / all spans, same fragments, any label, {_PAIRS}; {_HR}",
    "span_f1_overlap": "2 x common / all spans, same label, intersection over union at least .5, "
    f"paired one to one, {_PAIRS}; {_HR}",
    "span_f1_characters": f"2 x common / all marked characters, same label, {_PAIRS}; {_HR}",
    "alpha_nominal": f"{_ALPHA}, nominal, missing judgements allowed; "
    f"a label's figure is of that label against the rest; {_K19}",
    "relation_alpha": f"{_ALPHA}, nominal, between no link and each label, over ordered pairs of aligned nodes "
    f"(intersection over union at least .5, one to one); {_K19}; pairs as in {_SG}",
    "link_f1": f"2 x common / all links, same aligned ends and label; a link whose end is not aligned is "
    f"not common; {_PAIRS}; {_HR}",
    "link_f1_unlabelled": f"2 x common / all links, same aligned ends, any label; {_PAIRS}; {_HR}",
    "link_f1_undirected": f"2 x common / all links, same aligned ends in either direction, any label; {_PAIRS}; {_HR}",
    "aligned_share": "2 x aligned / all spans that relations may join, intersection over union at least .5, "
    "one to one, of greatest total overlap",
    "attachment": f"share of aligned nodes with the same role, relation and target; {_PS}",
    "attachment_alpha": f"{_ALPHA}, nominal, on role, relation and relative position of the target of every "
    f"aligned node as one composed label; {_PS}",
    "alpha_words": f"{_ALPHA}, nominal, over words (between white space), no label included; inflated by long "
    f"unmarked stretches, and counts a difference once for each word; {_K19}",
    "alpha_u_2004": f"{_ALPHA} in unitizing, all documents in order as one continuum; only to compare with older "
    "papers: withdrawn for more than two annotators (Krippendorff et al. 2016); Krippendorff 2004, Content "
    "Analysis, 2nd ed., sec. 11.4",
    "gamma": "1 - observed / expected disorder of the best alignment, summed over documents; alpha 1, beta 1, delta "
    "1; 100 continua sampled a document as pygamma-agreement does; Mathet, Widlöcher "
    "& Métivier 2015, Computational Linguistics 41:437",
    **{
        f"alpha_{metric}": f"{_ALPHA}, {metric} metric, missing judgements allowed; {_K19}"
        for metric in ("ordinal", "interval", "ratio")
    },
    "fleiss_kappa": f"{_CHANCE} from the pooled labels, missing judgements as in Gwet's handbook; Fleiss 1971",
    "gwet_ac1": f"{_CHANCE} as Gwet's AC1, over all declared labels; Gwet 2008, BJMSP 61:29",
    "brennan_prediger": f"{_CHANCE} with every declared label equally likely; Brennan & Prediger 1981",
    "conger_kappa": f"{_CHANCE} from each annotator's own labels, all annotators; Conger 1980",
    "cohen_kappa": f"{_CHANCE} from each annotator's own labels, two annotators; Cohen 1960",
    "mean_pairwise_kappa": "mean of Cohen's kappas of all pairs of annotators; Light 1971",
    "cohen_kappa_words": f"{_CHANCE} from each annotator's own labels, over words, no label included; Cohen 1960",
    "relation_kappa": f"{_CHANCE} from each annotator's own labels, over ordered pairs of aligned nodes, no link "
    f"included; {_SG}",
    "attachment_kappa": f"{_CHANCE} from each annotator's own labels, role, relation and relative position of "
    f"the target of every aligned node as one composed label; {_PS}",
    "percent_pairwise": "share of agreeing judgements over all pairs of annotators; not chance-corrected",
    "percent": "mean over units of the share of agreeing pairs of annotators; not chance-corrected",
}

"""How each figure is computed and whom to cite for it: the words that stand beside the number."""

from __future__ import annotations

_KMBW = "Krippendorff, Mathet, Bouvry & Widlöcher 2016, Quality & Quantity 50:2347 (erratum 50:2365)"
_K19 = "Krippendorff 2019, Content Analysis, 4th ed., ch. 12"
_PAIRS = "summed over pairs of annotators and documents; not chance-corrected"
_HR = "Hripcsak & Rothschild 2005, JAMIA 12:296"
_ALPHA = "1 - observed / expected disagreement"

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
    "percent": "mean over units of the share of agreeing pairs of annotators; not chance-corrected",
}
